"""Many runs and their reports: jobs in processes of their own, resumed by what went in."""
