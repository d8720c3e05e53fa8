using Carillon.EventSourcing;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>Checks <see cref="EventStoreOptions"/>.</summary>
internal sealed class EventStoreOptionsRules : IValidateOptions<EventStoreOptions>
{
    private const int MaxPageSize = 10_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, EventStoreOptions options)
    {
        var faults = new List<string>();
        if (options.PageSize is < 1 or > MaxPageSize)
        {
            faults.Add($"EventStoreOptions.PageSize is {options.PageSize}. Set it to something from 1 to 10,000; it is how many events are held in memory at a time.");
        }

        if (options.PollInterval <= TimeSpan.Zero || options.PollInterval > MaxTime)
        {
            faults.Add($"EventStoreOptions.PollInterval is {options.PollInterval}. Set it to something longer than zero, one day at the most.");
        }

        if (options.LeaseDuration < TimeSpan.FromSeconds(1) || options.LeaseDuration > MaxTime)
        {
            faults.Add($"EventStoreOptions.LeaseDuration is {options.LeaseDuration}. Set it to something from one second to one day.");
        }

        if (options.PollInterval >= options.LeaseDuration / 2)
        {
            faults.Add(
                $"EventStoreOptions.PollInterval is {options.PollInterval}, and the LeaseDuration is {options.LeaseDuration}: the lease would end while its holder waits. Make it less than half as long.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
