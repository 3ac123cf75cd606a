listings <- read.csv("https://register.example/data/files/listings.csv",
                     colClasses = "character", encoding = "UTF-8", na.strings = "")
listings$id <- as.integer(listings$id)
listings$effective_from <- as.Date(listings$effective_from)
listings$effective_to <- as.Date(listings$effective_to)
table(listings$status)
