"""What benchmarks found, and the one table that it is printed and written as."""
