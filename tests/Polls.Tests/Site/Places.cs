using System.Reflection;

namespace Polls.Tests.Site;

/// <summary>Where things are, as the build knew it.</summary>
internal static class Places
{
    public static string ContentRoot => Read(nameof(ContentRoot));

    public static string RepositoryRoot => Read(nameof(RepositoryRoot));

    private static string Read(string key) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;
}
