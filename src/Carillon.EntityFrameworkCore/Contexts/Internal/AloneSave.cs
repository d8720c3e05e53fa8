using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>Commits deliveries of a save that had nothing else to write, and so had no transaction.</summary>
internal static class AloneSave
{
    internal static Task WriteAsync(DbContext context, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(
            context,
            static async (saved, token) =>
            {
                // Still a save, as far as its context is concerned: this is an attempt.
                var transaction = await saved.Database.BeginTransactionAsync(token).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    await transaction.CommitAsync(token).ConfigureAwait(false);
                }
            },
            cancellationToken);
}
