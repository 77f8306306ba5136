"""Where a conclusion does not hold: boxes of assumed numbers, found on some worlds and checked on others."""
