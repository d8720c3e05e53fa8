using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>Hears of the saves of one context.</summary>
internal sealed class SaveInterceptor(ContextWork work) : ISaveChangesInterceptor
{
    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Blocking.Run(() => work.SavingAsync(CancellationToken.None));
        return result;
    }

    public async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await work.SavingAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Blocking.Run(() => work.SavedAsync(CancellationToken.None));
        return result;
    }

    public async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        await work.SavedAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }

    public void SaveChangesFailed(DbContextErrorEventData eventData) => Blocking.Run(() => work.SaveFailedAsync());

    public Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default) => work.SaveFailedAsync().AsTask();

    public void SaveChangesCanceled(DbContextEventData eventData) => Blocking.Run(() => work.SaveFailedAsync());

    public Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default) => work.SaveFailedAsync().AsTask();
}
