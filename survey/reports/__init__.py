"""Files made from one frozen report value: nothing is computed here, and rounding happens here once."""
