"""What can be asked, one file for each thing: every route calls the front door of its caller and nothing else."""
