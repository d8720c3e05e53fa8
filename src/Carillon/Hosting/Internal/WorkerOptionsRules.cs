using Carillon.Listeners.Internal;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

internal sealed class WorkerOptionsRules : IValidateOptions<WorkerOptions>
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(36_500);
    private static readonly TimeSpan ShortestLease = TimeSpan.FromMilliseconds(100);

    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.MaxConcurrency < 1)
        {
            faults.AddError($"WorkerOptions.MaxConcurrency is {options.MaxConcurrency}; at least 1 listener has to run. To run none in this process, set Enabled to false.");
        }

        if (options.BatchSize < 1)
        {
            faults.AddError($"WorkerOptions.BatchSize is {options.BatchSize}; it is at least 1.");
        }

        if (options.Queues is { Count: 0 })
        {
            faults.AddError("WorkerOptions.Queues names no queue, so nothing would ever run. Leave it null to work off all; to run none in this process, set Enabled to false.");
        }

        foreach (var queue in options.Queues ?? [])
        {
            if (DurableWords.QueueFault(queue) is { } fault)
            {
                faults.AddError($"WorkerOptions.Queues {fault}");
            }
        }

        CheckLease("WorkerOptions.LeaseDuration", options.LeaseDuration, faults);
        RequireAtMost(options.PollInterval, LongestTimer, "WorkerOptions.PollInterval", faults);
        RequireAtMost(options.SweepInterval, LongestTimer, "WorkerOptions.SweepInterval", faults);
        RequireAtMost(options.DrainTimeout, LongestTimer, "WorkerOptions.DrainTimeout", faults);
        RequirePositive(options.PollInterval, nameof(WorkerOptions.PollInterval), faults);
        RequirePositive(options.SweepInterval, nameof(WorkerOptions.SweepInterval), faults);
        CheckKept("WorkerOptions.KeepCompleted", options.KeepCompleted, faults);
        CheckKept("WorkerOptions.KeepFailed", options.KeepFailed, faults);
        CheckKept("WorkerOptions.KeepDiscarded", options.KeepDiscarded, faults);
        if (options.DrainTimeout < TimeSpan.Zero)
        {
            faults.AddError($"WorkerOptions.DrainTimeout is {options.DrainTimeout}; it cannot be negative, and zero is none.");
        }

        return faults.Build();
    }

    internal static void CheckLease(string property, TimeSpan value, ValidateOptionsResultBuilder faults)
    {
        if (value < ShortestLease)
        {
            faults.AddError($"{property} is {value}; a lease shorter than {ShortestLease} ends before it can be extended.");
        }

        RequireAtMost(value, LongestTimer, property, faults);
    }

    internal static void CheckKept(string property, TimeSpan? value, ValidateOptionsResultBuilder faults)
    {
        if (value < TimeSpan.Zero)
        {
            faults.AddError($"{property} is {value}; it cannot be negative.");
        }

        if (value is { } kept)
        {
            RequireAtMost(kept, LongestKept, property, faults);
        }
    }

    private static void RequireAtMost(TimeSpan value, TimeSpan most, string property, ValidateOptionsResultBuilder faults)
    {
        if (value > most)
        {
            faults.AddError($"{property} is {value}; it is at most {most}.");
        }
    }

    private static void RequirePositive(TimeSpan value, string property, ValidateOptionsResultBuilder faults)
    {
        if (value <= TimeSpan.Zero)
        {
            faults.AddError($"WorkerOptions.{property} is {value}; it has to be longer than zero.");
        }
    }
}
