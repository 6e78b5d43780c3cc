"""The line at the bottom of the screen: what is typed in it, how it is completed, how it is run."""
