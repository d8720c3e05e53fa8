using System.Runtime.CompilerServices;

namespace Carillon.Operations;

/// <summary>An operation is about to run.</summary>
/// <remarks>
/// Listen to this class for every typed operation, to <see cref="Before{TOperation}"/> for one; with the pattern <c>#.before</c> for those that are run by a name as well.
/// </remarks>
/// <threadsafety>Belongs to one run of the operation; not safe for concurrent use.</threadsafety>
public abstract class BeforeOperation : IStoppableEvent
{
    private protected BeforeOperation(string name) => Name = name;

    /// <summary>The name of the operation, <c>user.create</c>. The name of this event has <c>.before</c> behind it.</summary>
    public string Name { get; }

    /// <summary>Whether a listener has refused the operation. No further one is asked then.</summary>
    public bool IsVetoed => VetoReason is not null;

    /// <summary>Why the operation does not run; null unless it was refused.</summary>
    public string? VetoReason { get; private set; }

    /// <summary>The method that has refused it, <c>CheckQuota</c>; null unless it was refused.</summary>
    public string? VetoedBy { get; private set; }

    bool IStoppableEvent.IsPropagationStopped => IsVetoed;

    /// <summary>Refuses the operation: it does not run, and no listener after this one is asked.</summary>
    /// <param name="reason">Why; whoever wanted to run it reads this.</param>
    /// <param name="by">Who says so. The compiler fills in the name of the calling method.</param>
    public void Veto(string reason, [CallerMemberName] string by = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        if (!IsVetoed)
        {
            VetoReason = reason;
            VetoedBy = by;
        }
    }
}
