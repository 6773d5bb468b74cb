"""Random designs through R's package survey and through this engine; a difference is reported with its seed."""
