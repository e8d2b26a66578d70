"""Fills an empty Tryton database with the small plant of the tests: company, people, stock, one order."""

import datetime
import sys
from decimal import Decimal

from proteus import Model, config


def main(config_file):
    config.set_trytond('plant', config_file=config_file)

    currency = Model.get('currency.currency')(name='Euro', symbol='€', code='EUR', digits=2)
    currency.rounding = Decimal('0.01')
    currency.save()
    Party = Model.get('party.party')
    company_party = Party(name='Plant')
    company_party.save()
    company = Model.get('company.company')(party=company_party, currency=currency)
    company.save()

    Employee = Model.get('company.employee')
    people = []
    for name in ('Ada Fitter', 'Ben Greaser'):
        party = Party(name=name)
        party.save()
        person = Employee(party=party, company=company)
        person.save()
        people.append(person)

    User = Model.get('res.user')
    [admin] = User.find([('login', '=', 'admin')])
    admin.companies.append(company)
    admin.company = company
    admin.employees.append(people[0])
    admin.employee = people[0]
    admin.save()
    config.get_config()._context = User.get_preferences(True, {})

    Location = Model.get('stock.location')
    [storage] = Location.find([('code', '=', 'STO')])
    consumption = Location(name='Maintenance consumption', code='MAINT', type='storage')
    consumption.save()

    [unit] = Model.get('product.uom').find([('symbol', '=', 'u')], limit=1)
    Template = Model.get('product.template')
    products = []
    for code, name in (
            ('BRG-6204', 'Ball bearing 6204'), ('SEAL-40', 'Shaft seal 40 mm'), ('PUMP-CW', 'Cooling water pump')):
        template = Template(name=name, code=code, default_uom=unit, type='goods')
        template.save()
        products.append(template.products[0])

    Lot = Model.get('stock.lot')
    Lot(number='P-101A', product=products[2]).save()
    Lot(number='P-101B', product=products[2]).save()

    Inventory = Model.get('stock.inventory')
    inventory = Inventory(location=storage)
    for product, quantity in ((products[0], 40.0), (products[1], 12.0)):
        line = inventory.lines.new()
        line.product = product
        line.quantity = quantity
    inventory.save()
    inventory.click('confirm')

    Work = Model.get('project.work')
    Status = Model.get('project.work.status')
    cancelled = Status(name='Cancelled', types=['project', 'task'])
    cancelled.save()
    # Tryton has no machine on a task: the convention is a project with the machine's number as its name.
    machine = Work(name='P-101A', type='project', company=company)
    machine.save()
    order = Work(name='Replace the bearing', type='task', company=company, parent=machine)
    order.timesheet_available = True
    order.effort_duration = datetime.timedelta(hours=2)
    order.comment = 'Noise at the drive end.'
    order.save()
    # Enough further orders for a pull of more than one page.
    for number in range(2, 13):
        Work(name='Grease round %d' % number, type='task', company=company, timesheet_available=True).save()


if __name__ == '__main__':
    main(sys.argv[1])
