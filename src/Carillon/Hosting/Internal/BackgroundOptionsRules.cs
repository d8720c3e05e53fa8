using Carillon.Background;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

internal sealed class BackgroundOptionsRules : IValidateOptions<BackgroundOptions>
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, BackgroundOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.Capacity < 1)
        {
            faults.AddError($"BackgroundOptions.Capacity is {options.Capacity}; at least 1 call has to find room.");
        }

        if (options.MaxConcurrency < 1)
        {
            faults.AddError($"BackgroundOptions.MaxConcurrency is {options.MaxConcurrency}; at least 1 listener has to run.");
        }

        if (!Enum.IsDefined(options.WhenFull))
        {
            faults.AddError($"BackgroundOptions.WhenFull is {options.WhenFull}; there is no such way to go on.");
        }

        if (options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > LongestTimer)
        {
            faults.AddError($"BackgroundOptions.DrainTimeout is {options.DrainTimeout}; it is from zero to {LongestTimer}.");
        }

        return faults.Build();
    }
}
