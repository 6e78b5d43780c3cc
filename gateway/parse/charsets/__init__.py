"""Text from bytes: charset names, detection, and decoding that never fails."""
