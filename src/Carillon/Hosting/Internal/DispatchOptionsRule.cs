using Carillon.Dispatch;

namespace Carillon.Hosting.Internal;

/// <summary>Finds values that no dispatch could work with.</summary>
internal static class DispatchOptionsRule
{
    internal static void Check(DispatchOptions options, List<string> problems)
    {
        if (options.MaxChainDepth is < 1 or > DispatchOptions.LargestMaxChainDepth)
        {
            problems.Add(
                $"DispatchOptions.MaxChainDepth is {options.MaxChainDepth}; it must be between 1, where no listener can dispatch an event, and "
                + $"{DispatchOptions.LargestMaxChainDepth:N0}, for which the stack has room.");
        }
    }
}
