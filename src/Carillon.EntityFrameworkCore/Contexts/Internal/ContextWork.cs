using System.Transactions;
using Carillon.EntityFrameworkCore.Diagnostics.Internal;
using Carillon.EntityFrameworkCore.Entities.Internal;
using Carillon.EntityFrameworkCore.Transactions.Internal;
using Carillon.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>What belongs to one context until it is committed: what was dispatched, and what its aggregates had raised. A service of EF Core, one for each context.</summary>
/// <remarks>
/// Without a transaction of the application, a save is the unit: what is dispatched while there are unsaved changes waits for it, and stays should it fail, as the changes do.
/// With one, the transaction is; see <see cref="OwnTransaction"/>.
/// </remarks>
internal sealed class ContextWork(ICurrentDbContext current) : IResettableService, IDisposable, IAsyncDisposable
{
    private const string SaveMark = "carillon: before the save";
    private const string AttemptMark = "carillon: before the attempt";

    private readonly DomainEventsOfSaves _raised = new();
    private ScopeContexts? _scope;
    private FollowedUnitOfWork? _work;
    private EngineTransaction? _borrowed;
    private EntityChanges? _changes;
    private AutoTransactionBehavior? _autoTransactions;
    private bool _calls;
    private bool _hadWork;
    private bool _isTried;
    private bool _isCommitted;
    private int _raisedBefore;

    internal DbContext Context => current.Context;

    internal ScopeContexts? Scope => _scope;

    /// <summary>What waits for the next save, or for the end of the transaction; null if nothing was dispatched.</summary>
    internal FollowedUnitOfWork? Work => _work;

    /// <summary>The application's transaction, if it began it by EF Core.</summary>
    internal OwnTransaction? Transaction { get; set; }

    internal DomainEventsOfSaves Raised => _raised;

    internal bool IsSaving { get; private set; }

    /// <summary>Whether the transaction of a save that begins now is that of the save.</summary>
    internal bool SavesByItself => IsSaving && !_calls && Transaction is null;

    /// <summary>Whether listeners of a save run that has no transaction yet.</summary>
    internal bool CallsWithoutTransaction => _calls && Context.Database.CurrentTransaction is null && System.Transactions.Transaction.Current is null;

    internal bool HasChanges
    {
        get
        {
            try
            {
                return Context.ChangeTracker.HasChanges();
            }
            catch (ObjectDisposedException)
            {
                return false;
            }
        }
    }

    internal static ContextWork Of(DbContext context) =>
        ((IInfrastructure<IServiceProvider>)context).Instance.GetService(typeof(ContextWork)) as ContextWork ?? throw NotUsed(context.GetType());

    internal static CarillonException NotUsed(Type context) =>
        new($"The {context} does not take part in events: call UseEntityFrameworkCore<{context.Name}>() in AddCarillon, and UseCarillon() on the options of a context that you make by hand.");

    public override string ToString() => Context.GetType().ToString();

    internal void Join(ScopeContexts scope)
    {
        if (_scope == scope)
        {
            return;
        }

        if (_scope is not null)
        {
            throw new InvalidOperationException($"This {Context.GetType()} has joined another scope: what is dispatched could belong to one of them only. Make a context for each scope.");
        }

        _scope = scope;
        scope.Add(this);
        // Interceptors are not told of every failure: not of one of concurrency.
        Context.SaveChangesFailed += OnSaveChangesFailed;
        _borrowed = EngineTransaction.Share(this);
    }

    internal FollowedUnitOfWork OpenWork() => Transaction is { } transaction && transaction.Leader != this ? transaction.Leader.OpenWork() : _work ??= _scope!.Units.Follow();

    internal FollowedUnitOfWork? TakeWork()
    {
        var work = _work;
        _work = null;
        return work;
    }

    internal async ValueTask SavingAsync(CancellationToken cancellationToken)
    {
        if (_calls)
        {
            SaveRules.CheckNested(this);
            return;
        }

        if (_scope is null)
        {
            SaveRules.CheckNothingRaised(Context);
            return;
        }

        if (IsSaving)
        {
            // Somebody else's interceptor refused the last one, which nobody was told of.
            await SaveFailedAsync().ConfigureAwait(false);
        }

        SaveRules.CheckAmbient(this);
        (IsSaving, _isTried, _isCommitted, _raisedBefore) = (true, false, false, _raised.Count);
        _hadWork = _work is not null;
        Mark(SaveMark);
        try
        {
            _calls = true;
            await CallListenersAsync(_scope, cancellationToken).ConfigureAwait(false);
            _changes = EntityChanges.Of(this, _scope);
        }
        catch
        {
            _calls = false;
            await SaveFailedAsync().ConfigureAwait(false);
            throw;
        }

        _calls = false;
        if (_work is { HasUnwritten: true } && Transaction is null)
        {
            // Even one command needs a transaction now: the deliveries are committed with it.
            _autoTransactions = Context.Database.AutoTransactionBehavior;
            Context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        }
    }

    /// <summary>A transaction of the save itself has begun: the first, or one more after an attempt that failed.</summary>
    internal void Attempt()
    {
        if (_isTried)
        {
            _work?.RolledBackToSavepoint(AttemptMark);
        }
        else
        {
            _work?.SavepointCreated(AttemptMark);
        }

        _isTried = true;
    }

    /// <summary>The transaction of the save itself was committed.</summary>
    internal void Committed() => _isCommitted = true;

    internal async ValueTask SavedAsync(CancellationToken cancellationToken)
    {
        if (_calls || !IsSaving)
        {
            return;
        }

        if (_changes?.ToEvent() is { } changes)
        {
            // Its listener waits for the commit, whoever leads the transaction.
            await _scope!.Events.DispatchObjectAsync(changes, cancellationToken).ConfigureAwait(false);
        }

        if (Transaction is { } transaction)
        {
            transaction.Released(SaveMark);
            EndSave();
            return;
        }

        if (System.Transactions.Transaction.Current is { } ambient)
        {
            PutBackUnlessCommitted(ambient);
        }

        if (_work is { HasUnwritten: true } && !_isCommitted)
        {
            await AloneSave.WriteAsync(Context, cancellationToken).ConfigureAwait(false);
        }

        await EndCommittedAsync().ConfigureAwait(false);
    }

    internal async ValueTask SaveFailedAsync()
    {
        if (_calls || !IsSaving)
        {
            return;
        }

        if (_isCommitted)
        {
            await EndCommittedAsync().ConfigureAwait(false);
            return;
        }

        _raised.PutBackFrom(_raisedBefore);
        EndSave();
        if (Transaction is { } transaction)
        {
            transaction.RolledBackTo(SaveMark);
            transaction.Released(SaveMark);
        }
        else if (_hadWork)
        {
            _work?.RolledBackToSavepoint(SaveMark);
            _work?.SavepointReleased(SaveMark);
        }
        else if (TakeWork() is { } work)
        {
            await work.RolledBackAsync().ConfigureAwait(false);
        }
    }

    public void ResetState()
    {
        Blocking.Run(EndAsync);
        GiveBack();
    }

    public async Task ResetStateAsync(CancellationToken cancellationToken = default)
    {
        await EndAsync().ConfigureAwait(false);
        GiveBack();
    }

    public void Dispose() => Blocking.Run(EndAsync);

    public ValueTask DisposeAsync() => EndAsync();

    private void OnSaveChangesFailed(object? sender, SaveChangesFailedEventArgs failed) => Blocking.Run(SaveFailedAsync);

    private async ValueTask CallListenersAsync(ScopeContexts scope, CancellationToken cancellationToken)
    {
        bool any;
        do
        {
            any = scope.Models.RaiseEvents(Context) && await _raised.DispatchAsync(Context, scope.Events, cancellationToken).ConfigureAwait(false);
            // In a transaction of the application they wait for its commit.
            any |= Transaction is null && _work is not null && await _work.BeforeCommitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (any);
    }

    private void Mark(string name)
    {
        if (Transaction is { } transaction)
        {
            transaction.Saved(name);
        }
        else
        {
            _work?.SavepointCreated(name);
        }
    }

    private async ValueTask EndCommittedAsync()
    {
        _raised.Clear();
        EndSave();
        if (TakeWork() is { } work)
        {
            await work.CommittedAsync().ConfigureAwait(false);
        }
    }

    private void EndSave()
    {
        IsSaving = false;
        _changes = null;
        if (_autoTransactions is { } before)
        {
            _autoTransactions = null;
            Context.Database.AutoTransactionBehavior = before;
        }
    }

    private void GiveBack()
    {
        _borrowed?.GiveBack();
        _borrowed = null;
    }

    private void PutBackUnlessCommitted(Transaction ambient)
    {
        var raised = _raised.Detach();
        ambient.TransactionCompleted += (_, completed) =>
        {
            if (completed.Transaction!.TransactionInformation.Status != TransactionStatus.Committed)
            {
                raised.PutBackFrom(0);
            }
        };
    }

    // The context is disposed of, or goes back into its pool.
    private async ValueTask EndAsync()
    {
        var scope = _scope;
        if (scope is null)
        {
            return;
        }

        _scope = null;
        scope.Remove(this);
        Context.SaveChangesFailed -= OnSaveChangesFailed;
        (IsSaving, _calls, _changes, _autoTransactions) = (false, false, null, null);
        Transaction?.Leave(this);
        Transaction = null;
        _raised.PutBackFrom(0);
        if (TakeWork() is { IsOpen: true } work)
        {
            if (work.UnwrittenCount > 0)
            {
                Log.DroppedWithoutSave(scope.Logger, Context.GetType().Name, work.UnwrittenCount);
            }

            await work.RolledBackAsync().ConfigureAwait(false);
        }
    }
}
