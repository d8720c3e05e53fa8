using Carillon.Envelopes;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

internal sealed class EnvelopeOptionsRules : IValidateOptions<EnvelopeOptions>
{
    public ValidateOptionsResult Validate(string? name, EnvelopeOptions options) =>
        options.MaxPayloadBytes >= 1
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"EnvelopeOptions.MaxPayloadBytes is {options.MaxPayloadBytes}; an event has at least one byte.");
}
