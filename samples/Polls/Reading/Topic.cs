namespace Polls.Reading;

internal sealed record Topic(long Id, string Name);
