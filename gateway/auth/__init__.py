"""Is the sender who it says: Authentication-Results, DKIM, OAuth2."""
