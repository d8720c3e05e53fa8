using Carillon.Retries;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

internal sealed class RetryOptionsRules : IValidateOptions<RetryOptions>
{
    public ValidateOptionsResult Validate(string? name, RetryOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.MaxAttempts is < 1 or > RetryOptions.LargestMaxAttempts)
        {
            faults.AddError($"RetryOptions.MaxAttempts is {options.MaxAttempts}; it is from 1 to {RetryOptions.LargestMaxAttempts}.");
        }

        if (options.FirstDelay < TimeSpan.Zero || options.MaxDelay < options.FirstDelay || options.MaxDelay > TimeSpan.FromDays(3650))
        {
            faults.AddError($"RetryOptions.FirstDelay is {options.FirstDelay} and MaxDelay {options.MaxDelay}; neither is negative, the first is not longer than the longest, and the longest is at most ten years.");
        }

        if (options.Jitter is < 0 or > 1 or double.NaN)
        {
            faults.AddError($"RetryOptions.Jitter is {options.Jitter}; it is a share, from 0 to 1.");
        }

        return faults.Build();
    }
}
