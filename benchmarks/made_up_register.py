"""What a large register might hold: made up with a fixed seed, shaped like the Product Classification List.

The codes are those of the list of codes that require verification (May 2025), each under the noun of its group. About
every seventh product is an orthosis; names, models and dates are spread as lists of this kind have them.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

SEED = 20_251_001
FIRST_PUBLISHED = datetime(2014, 1, 2, 14, tzinfo=UTC)
LAST_PUBLISHED = datetime(2026, 10, 30, 20, tzinfo=UTC)


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GROUPS = (
    ("Diabetic Shoe Inserts", 6, ("Insert", "Diabetic Insole", "Footbed"), "A5512 A5513 A5514"),
    ("Surgical Dressings", 8, ("Collagen Dressing", "Wound Dressing"), "A6021 A6022 A6023 A6024"),
    ("Compression", 5, ("Compression Wrap", "Gradient Compression Wrap"), "A6545"),
    ("Enteral Nutrition", 8, ("Formula", "Peptide Formula", "Nutrition"), "B4149 B4153 B4154 B4155 B4157 B4161 B4162"),
    ("Support Surfaces", 12, ("Mattress", "Overlay", "Low Air Loss Mattress"), "E0371 E0373"),
    ("Respiratory", 6, ("Ventilator", "Cough Stimulator", "Oxygen Concentrator"), "E0467 E0468 E1405 E1406"),
    ("Oral Appliances", 4, ("Mandibular Device", "Oral Appliance"), "E0486"),
    ("Patient Lifts", 4, ("Patient Lift", "Transfer System"), "E0636 E0639 E0640 E1035 E1036"),
    ("Pneumatic Compression", 4, ("Compression Pump", "Pneumatic Pump"), "E0650 E0651 E0652 E0675"),
    (
        "Wheelchair Seating",
        12,
        ("Wheelchair Cushion", "Back Cushion", "Positioning Cushion"),
        (
            "E2601 E2602 E2603 E2604 E2605 E2606 E2607 E2608 E2609 E2610 E2611 E2612 E2613 E2614 E2615 E2616 "
            "E2617 E2620 "
            "E2621 E2622 E2623 E2624 E2625"
        ),
    ),
    (
        "Power Mobility Devices",
        10,
        ("Power Wheelchair", "Scooter", "Group 2 Power Wheelchair"),
        (
            "K0800 K0801 K0802 K0806 K0807 K0808 K0813 K0814 K0815 K0816 K0820 K0821 K0822 K0823 K0824 K0825 "
            "K0835 K0836 "
            "K0848 K0849 K0850 K0856 K0857 K0861 K0862 K0868 K0877 K0884 K0890 K0891 K0898"
        ),
    ),
    ("Powered Orthoses", 1, ("Exoskeleton", "Powered Exoskeleton"), "K1007 L2006 L8701 L8702"),
    (
        "Spinal Orthoses",
        8,
        ("Spinal Orthosis", "Lumbar Orthosis", "Lumbar Sacral Orthosis"),
        (
            "L0174 L0450 L0452 L0454 L0455 L0456 L0457 L0458 L0460 L0462 L0464 L0466 L0467 L0468 L0469 L0470 "
            "L0472 L0480 "
            "L0482 L0484 L0486 L0488 L0490 L0491 L0492 L0625 L0626 L0627 L0628 L0629 L0630 L0631 L0632 L0633 "
            "L0637 L0650"
        ),
    ),
    ("Knee Orthoses", 5, ("Knee Orthosis", "Hinged Knee Orthosis"), "L1832 L1833 L1843 L1845 L1851 L1852"),
    ("Ankle-Foot Orthoses", 2, ("Ankle Foot Orthosis", "Walking Boot"), "L1906 L1951 L3960"),
    ("Prosthetics", 5, ("Microprocessor Knee", "Prosthetic Foot"), "L5856 L5857 L5858 L5969 L5973 L5980 L5987 L6715"),
)
# Ended by CMS while products were listed under them.
ENDED_CODES = {"K0808": date(2023, 12, 31), "L0491": date(2022, 3, 31), "E0639": date(2025, 9, 30)}
FIRST = words(
    "Acme Alpine Argo Aspen Atlas Aurora Beacon Bolt Breg Bristol Cardinal Cascade Cedar Clarion Comet Coral Crest "
    "Delta Drake Echo Elm Ember Everest Falcon Fjord Forge Garnet Glide Granite Grove Halo Harbor Haven Helix Heron "
    "Horizon Indigo Ivory Jasper Juniper Keystone Lantern Laurel Legacy Liberty Lotus Lumen Maple Meridian Mesa "
    "Mistral Monarch Nova Oak Ocean Onyx Orchid Orion Össur Parker Pearl Pioneer Polaris Prairie Quartz Quill Raven "
    "Redwood Ridge River Rowan Sable Saffron Sequoia Sierra Silver Solace Sparrow Spruce Summit Sunrise Tandem Teal "
    "Terra Thistle Timber Topaz Trident Tulip Unity Valor Vela Vista Willow Zenith Zephyr"
)
SECOND = words(
    "Medical Orthopedics Mobility Healthcare Rehab Therapeutics Biomedical Care Surgical Wellness Bracing Devices "
    "Nutrition Seating Supply Respiratory Labs Technologies Innovations Systems"
)
FORMS = ("Inc.", "LLC", "Corp.", "GmbH", "Co., Ltd.", "", "", "USA", "International")
STYLES = words(
    "Active Adapt Aero Air Align Apex Aqua Arc Balance Bio Breeze Bridge Carbon Classic Clear Cloud Comfort Contour "
    "Core Cruise Deluxe Dual Dyna Easy Edge Elite Ergo Evo Excel Flex Flow Form Freedom Fusion Gel Grip Guard Hybrid "
    "Ideal Jet Kinetic Lite Luxe Max Mini Motion Nano Neo Omni Optima Pace Peak Plus Plush Prime Pro Pulse Quick "
    "Rapid Relief Rise Rover Safe Sense Shape Shield Silk Slim Smart Soft Solo Sport Stable Star Step Stride Supreme "
    "Swift Tempo Titan Total Trek Tri True Ultra Uni Vario Versa Vital Wave Zip"
)


@dataclass(frozen=True)
class MadeOrganization:
    id: int
    name: str
    slug: str
    former_name: str


@dataclass(frozen=True)
class MadeProduct:
    id: int
    name: str
    former_name: str
    manufacturer: MadeOrganization
    distributor: MadeOrganization | None
    classification: str
    codes: list[str]


@dataclass(frozen=True)
class MadeListing:
    """`id` is that of its model, too: each model is listed once."""

    id: int
    product: MadeProduct
    model_number: str
    code: str
    published_at: datetime
    begins: date
    last_day: date | None
    ended_at: datetime | None
    """When its end date was published."""


@dataclass
class MadeRegister:
    listings: int
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def organizations(self) -> list[MadeOrganization]:
        made, names = [], set()
        while len(made) < max(20, self.listings // 250):
            middle = f" {self.chance.choice(STYLES)}" if len(made) > 1500 else ""
            stem = f"{self.chance.choice(FIRST)}{middle} {self.chance.choice(SECOND)}"
            name = f"{stem} {self.chance.choice(FORMS)}".strip()
            if name in names:
                continue
            names.add(name)
            former = f"{self.chance.choice(FIRST)} {self.chance.choice(SECOND)}" if self.chance.random() < 0.08 else ""
            number = len(made) + 1
            made.append(MadeOrganization(number, name, f"organization-{number}", former))
        return made

    def products(self, organizations: list[MadeOrganization]) -> Iterator[MadeProduct]:
        """For ever. A few makers make most of it."""
        weights = [share for _, share, _, _ in GROUPS]
        number = 0
        while True:
            number += 1
            classification, _, nouns, codes = self.chance.choices(GROUPS, weights)[0]
            series = f"{self.chance.choice(STYLES)}{self.chance.choice(STYLES).lower()}"
            size = self.chance.choice(("", "", "", " II", " 3", " XL", " 500", " HD"))
            former = f"{self.chance.choice(STYLES)} {self.chance.choice(STYLES)}{number % 100}"
            yield MadeProduct(
                id=number,
                name=f"{series} {self.chance.choice(STYLES)} {self.chance.choice(nouns)}{size}",
                former_name=former if self.chance.random() < 0.05 else "",
                manufacturer=organizations[int(len(organizations) * self.chance.random() ** 2.5)],
                distributor=self.chance.choice(organizations) if self.chance.random() < 0.15 else None,
                classification=classification,
                codes=codes.split(),
            )

    def all_listings(self, organizations: list[MadeOrganization]) -> Iterator[MadeListing]:
        """In the order in which they were published."""
        products = self.products(organizations)
        step = (LAST_PUBLISHED - FIRST_PUBLISHED) / self.listings
        number = 0
        while True:
            product = next(products)
            letters = "".join(word[0] for word in product.name.split())[:3].upper()
            serial = self.chance.randrange(10, 9999)
            code = self.chance.choice(product.codes)
            models = self.chance.choice((1, 2, 3, 4, 6, 8, 12))
            states_numbers = models > 1 or self.chance.random() > 0.2
            for model in range(models):
                number += 1
                if number > self.listings:
                    return
                model_number = f"{letters}-{serial}{'/-.'[number % 3]}{model + 1}"
                yield self.listing(number, product, model_number if states_numbers else "", code, step)

    def listing(self, number: int, product: MadeProduct, model_number: str, code: str, step: timedelta) -> MadeListing:
        published = FIRST_PUBLISHED + step * number
        begins = published.date() - timedelta(days=self.chance.randrange(0, 30))
        if published.year == LAST_PUBLISHED.year and self.chance.random() < 0.2:
            begins = date(2027, 1, 1) + timedelta(days=self.chance.randrange(0, 90))
        last_day = ended_at = None
        if self.chance.random() < 0.1:
            last_day = begins + timedelta(days=self.chance.randrange(200, 2500))
            ended_at = published + (LAST_PUBLISHED - published) * self.chance.random()
        return MadeListing(number, product, model_number, code, published, begins, last_day, ended_at)
