"""What other channels than mail hand over: a JSON object a line."""
