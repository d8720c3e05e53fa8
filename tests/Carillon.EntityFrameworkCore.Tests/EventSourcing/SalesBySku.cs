using Carillon.EventSourcing;
using Carillon.Listeners;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests.EventSourcing;

/// <summary>A projection that writes by its context, and saves once a batch.</summary>
public sealed class SalesBySku(Sales sales, ProjectionRun run, Mishaps mishaps) : IProjection
{
    // By hand, as generated code does it.
    internal static CarillonBuilder AddMethods(CarillonBuilder carillon) => carillon.AddProjectionListener(
        typeof(SalesBySku),
        new Listener(
            "SalesBySku.Count",
            typeof(OrderPlaced),
            (object e, in ListenerCall at) => new ValueTask(at.Services.GetRequiredService<SalesBySku>().Count((OrderPlaced)e, at.CancellationToken))));

    public async Task Count(OrderPlaced e, CancellationToken ct)
    {
        var row = await sales.Rows.FindAsync([run.Generation, e.Sku], ct) ?? sales.Add(new Sales.Sale { Generation = run.Generation, Sku = e.Sku }).Entity;
        row.Orders++;
        await mishaps.MeetAsync(e, run, sales);
    }

    public async ValueTask CompleteBatchAsync(ProjectionRun run, CancellationToken cancellationToken)
    {
        await sales.SaveChangesAsync(cancellationToken);
        mishaps.Shared.Add(sales.Database.CurrentTransaction?.GetDbTransaction() == run.Transaction);
        await mishaps.SavedAsync(run);
    }

    public async ValueTask RetireAsync(ProjectionRun run, CancellationToken cancellationToken) =>
        await sales.Rows.Where(sale => sale.Generation == run.Generation).ExecuteDeleteAsync(cancellationToken);
}
