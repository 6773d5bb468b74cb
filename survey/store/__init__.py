"""The only place with queries; one module per aggregate."""
