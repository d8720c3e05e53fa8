using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Killing.App.Database;

namespace Carillon.Killing.App.Work;

/// <summary>Places orders one after the other until it is told to be quiet, whatever happens to the database.</summary>
internal abstract class Emitter(ShopDatabase database, IDeliveries deliveries, Lines lines, TimeProvider time)
{
    private const int LookEvery = 10;

    // What is placed faster than it is worked off would only make the end of the proof longer.
    private const long MostWaiting = 150;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private protected Lines Lines => lines;

    internal async Task RunAsync(CancellationToken quiet)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            for (var round = 1; await timer.WaitForNextTickAsync(quiet); round++)
            {
                try
                {
                    if (round % LookEvery != 0 || (await deliveries.CountAsync(CancellationToken.None)).Values.Sum() < MostWaiting)
                    {
                        await EmitAsync();
                    }
                    else
                    {
                        round--;
                    }
                }
                catch (Exception exception) when (exception is DbException or DeliveryStoreException)
                {
                    lines.Say($"{Lines.FailedWord}{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
                }
            }
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested)
        {
        }
    }

    private protected abstract ValueTask EmitAsync(DbConnection connection);

    private async ValueTask EmitAsync()
    {
        var connection = await database.OpenAsync(CancellationToken.None);
        await using (connection)
        {
            await EmitAsync(connection);
        }
    }
}
