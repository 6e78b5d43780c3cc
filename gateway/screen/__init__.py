"""What kind of mail is it: small rules in one ordered table; every hit is recorded."""
