"""What is looked at, as frozen values that an address can hold."""
