curl --fail --location --remote-name --remote-header-name https://register.example/data/files/listings.csv
curl --fail --silent https://register.example/data/files/SHA256SUMS | sha256sum --check --ignore-missing
