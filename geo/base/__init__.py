"""What every room stands on: errors with their texts, findings, places on the globe, days, words of closed lists."""
