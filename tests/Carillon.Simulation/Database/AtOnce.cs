namespace Carillon.Simulation.Database;

/// <summary>The store in memory answers before it returns, so that a call is one moment of the simulation.</summary>
internal static class AtOnce
{
    internal static TResult Now<TResult>(ValueTask<TResult> call) =>
        call.IsCompleted ? call.GetAwaiter().GetResult() : throw new InvalidOperationException("The store in memory has waited for something.");

    internal static bool Now(ValueTask call)
    {
        if (!call.IsCompleted)
        {
            throw new InvalidOperationException("The store in memory has waited for something.");
        }

        call.GetAwaiter().GetResult();
        return true;
    }
}
