"""What is shown over the panes: questions, output, help."""
