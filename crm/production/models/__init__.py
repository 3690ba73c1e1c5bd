"""What the plant makes, as rows: one file a stage of the way from the truck to the customer."""

from crm.production.models.blank import Blank, BlankItem, DefrostRun
from crm.production.models.freezing import FreezerLoad
from crm.production.models.mix import Mix, MixUse
from crm.production.models.order import MincedOrder, OrderItem
from crm.production.models.pallet import Pallet, PalletItem
from crm.production.models.plant import Plant
from crm.production.models.raw_batch import IN_STOCK_STATES, RawBatch, RawBatchQuerySet, VetDocument
from crm.production.models.second_minced import SecondMinced
from crm.production.models.shipment import Shipment, ShipmentPallet
from crm.production.models.stations import Failure, FailureQuerySet, Place, Stop, Waiting

__all__ = [
    "IN_STOCK_STATES",
    "Blank",
    "BlankItem",
    "DefrostRun",
    "Failure",
    "FailureQuerySet",
    "FreezerLoad",
    "MincedOrder",
    "Mix",
    "MixUse",
    "OrderItem",
    "Pallet",
    "PalletItem",
    "Place",
    "Plant",
    "RawBatch",
    "RawBatchQuerySet",
    "SecondMinced",
    "Shipment",
    "ShipmentPallet",
    "Stop",
    "VetDocument",
    "Waiting",
]
