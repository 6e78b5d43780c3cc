"""Commands about customers, their orders and surveys, and about agents."""
