"""Random designs through R's package survey and through ours; each difference is reported with its seed."""
