using System.Data.Common;
using Carillon.EntityFrameworkCore.Transactions.Internal;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>
/// Hears of each command of a context before it is sent. Refuses those that listeners of a save send past the change tracker before there is a transaction: they would be committed even if the save
/// fails. Those that are sent in an ambient transaction have their connection named to it.
/// </summary>
internal sealed class CommandInterceptor(ContextWork work) : DbCommandInterceptor
{
    private readonly AmbientConnection _ambient = new(work);

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Check(eventData);
        _ambient.Name(command.Connection);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(eventData);
        _ambient.Name(command.Connection);
        return new ValueTask<InterceptionResult<int>>(result);
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        _ambient.Name(command.Connection);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        _ambient.Name(command.Connection);
        return new ValueTask<InterceptionResult<DbDataReader>>(result);
    }

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        _ambient.Name(command.Connection);
        return result;
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        _ambient.Name(command.Connection);
        return new ValueTask<InterceptionResult<object>>(result);
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
