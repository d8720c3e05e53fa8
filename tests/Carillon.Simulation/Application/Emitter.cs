using Carillon.Simulation.Database;
using Carillon.Simulation.Processes;
using Carillon.Simulation.World;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Simulation.Application;

/// <summary>What the application does beside its listeners: it takes orders, in units of work and without, until no more are wanted.</summary>
internal sealed class Emitter(SimulatedWorld world, SimulatedProcess process, IServiceProvider services)
{
    private static readonly string[] Customers = ["ann", "bob", "cem"];

    internal async Task RunAsync()
    {
        while (!process.IsStopping)
        {
            await world.Scheduler.StepAsync(process, "waits for an order");
            if (world.Ledger.Begin() is not { } number)
            {
                return;
            }

            process.Taken.Add(number);
            try
            {
                await TakeAsync(new OrderPlaced(number, Customers[world.Scheduler.Random.Next(Customers.Length)]));
            }
            catch (InjectedFaultException)
            {
                // The application shows an error; whether the order is there only the database can tell.
            }

            world.Ledger.End(number);
        }
    }

    private async Task TakeAsync(OrderPlaced order)
    {
        await using var scope = services.CreateAsyncScope();
        var events = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
        if (world.Scheduler.Chance(0.3))
        {
            await events.DispatchAsync(order);
            world.Database.Orders[order.Number] = order.Customer;
            world.Ledger.Promised.Add(order.Number);
            return;
        }

        world.Ledger.InUnitsOfWork.Add(order.Number);
        var units = scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>();
        await using var connection = new SimulatedConnection(world, process);
        await using var work = await units.BeginAsync(connection);
        ((SimulatedTransaction)work.Transaction).Change(() => world.Database.Orders[order.Number] = order.Customer);
        await world.Scheduler.StepAsync(process, $"writes order {order.Number}");
        await events.DispatchAsync(order);
        if (world.Scheduler.Chance(0.25))
        {
            await work.RollbackAsync();
            return;
        }

        await work.CommitAsync();
        world.Ledger.Promised.Add(order.Number);
    }
}
