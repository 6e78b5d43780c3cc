"""Quoted text and signatures."""
