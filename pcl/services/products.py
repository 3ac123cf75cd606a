"""Products and their models, made once and found again."""

from pcl.models import Organization, Product, ProductModel
from pcl.text import normalize_model_number


def ensure_product(
    *, manufacturer: Organization, name: str, classification: str = "", distributor: Organization | None = None
) -> Product:
    """The product of that manufacturer, distributor and name; made when there is none."""
    name = " ".join(name.split())
    found = Product.objects.filter(manufacturer=manufacturer, distributor=distributor, name__iexact=name).first()
    return found or Product.objects.create(
        manufacturer=manufacturer, distributor=distributor, name=name, classification=classification
    )


def ensure_model(*, product: Product, model_number: str) -> ProductModel:
    """The product's model of that number, however it is punctuated. An empty number means that none is stated."""
    model_number = " ".join(model_number.split())
    normalized = normalize_model_number(model_number)
    found = ProductModel.objects.filter(product=product, normalized=normalized).first()
    return found or ProductModel.objects.create(product=product, model_number=model_number, normalized=normalized)
