using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orders.Events;

namespace Orders.Killing.App;

/// <summary>The order is placed by the first process that comes to it.</summary>
internal static class Placing
{
    private const int Constraint = 19;

    internal static async Task OnceAsync(IServiceProvider services, OrderPlaced order)
    {
        try
        {
            await services.GetRequiredService<OrderDesk>().PlaceAsync(order, CancellationToken.None);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == Constraint)
        {
            // An earlier process has.
        }
    }
}
