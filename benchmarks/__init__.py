"""The plain twin and the benchmark that has it as denominator."""
