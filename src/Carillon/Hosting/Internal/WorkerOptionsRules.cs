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

        if (options.LeaseDuration < ShortestLease)
        {
            faults.AddError($"WorkerOptions.LeaseDuration is {options.LeaseDuration}; a lease shorter than {ShortestLease} ends before it can be extended.");
        }

        RequireAtMost(options.LeaseDuration, LongestTimer, nameof(WorkerOptions.LeaseDuration), faults);
        RequireAtMost(options.PollInterval, LongestTimer, nameof(WorkerOptions.PollInterval), faults);
        RequireAtMost(options.SweepInterval, LongestTimer, nameof(WorkerOptions.SweepInterval), faults);
        RequireAtMost(options.DrainTimeout, LongestTimer, nameof(WorkerOptions.DrainTimeout), faults);
        RequireAtMost(options.KeepCompleted, LongestKept, nameof(WorkerOptions.KeepCompleted), faults);
        RequirePositive(options.PollInterval, nameof(WorkerOptions.PollInterval), faults);
        RequirePositive(options.SweepInterval, nameof(WorkerOptions.SweepInterval), faults);
        if (options.DrainTimeout < TimeSpan.Zero || options.KeepCompleted < TimeSpan.Zero)
        {
            faults.AddError($"WorkerOptions.DrainTimeout ({options.DrainTimeout}) and KeepCompleted ({options.KeepCompleted}) cannot be negative; zero is none.");
        }

        return faults.Build();
    }

    private static void RequireAtMost(TimeSpan value, TimeSpan most, string property, ValidateOptionsResultBuilder faults)
    {
        if (value > most)
        {
            faults.AddError($"WorkerOptions.{property} is {value}; it is at most {most}.");
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
