"""Tafaul (تفاعل): public bodies answer the citizens who write to them."""
