listings <- read.csv("https://register.example/data/files/listings.csv", encoding = "UTF-8", na.strings = "")
listings$effective_from <- as.Date(listings$effective_from)
listings$effective_to <- as.Date(listings$effective_to)
table(listings$status)
