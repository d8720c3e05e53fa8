using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>Refuses commands that listeners of a save send past the change tracker before there is a transaction: they would be committed even if the save fails.</summary>
internal sealed class CommandInterceptor(ContextWork work) : DbCommandInterceptor
{
    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Check(eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(eventData);
        return new ValueTask<InterceptionResult<int>>(result);
    }

    private void Check(CommandEventData eventData)
    {
        if (eventData.CommandSource is CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete or CommandSource.ExecuteSqlRaw && work.CallsWithoutTransaction)
        {
            throw new InvalidOperationException(
                $"A listener that SaveChanges of the {work} calls has sent a command of its own (ExecuteUpdate, ExecuteDelete or SQL) before there is a transaction: the two could not be committed together. "
                + "Begin a transaction around SaveChanges (Database.BeginTransactionAsync), or change entities instead, which are saved with the rest.");
        }
    }
}
