using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Carillon.Redis.Clients.Internal;

/// <summary>A script of this package, and the name by which a server that has seen it knows it.</summary>
internal sealed class RedisScript
{
    private const string Common = "common.lua";

    private RedisScript(string file)
    {
        Text = Read(Common) + Read(file);
#pragma warning disable CA5350 // The server names scripts by their SHA-1; nothing is protected by it.
        Hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(Text)));
#pragma warning restore CA5350
    }

    internal static RedisScript Publish { get; } = new("publish.lua");

    internal static RedisScript Join { get; } = new("join.lua");

    internal static RedisScript Beat { get; } = new("beat.lua");

    internal static RedisScript Take { get; } = new("take.lua");

    internal static RedisScript Settle { get; } = new("settle.lua");

    internal static RedisScript Leave { get; } = new("leave.lua");

    internal static RedisScript Delete { get; } = new("delete.lua");

    internal static RedisScript Dead { get; } = new("dead.lua");

    internal static RedisScript AllDead { get; } = new("alldead.lua");

    internal static RedisScript ListDead { get; } = new("listdead.lua");

    internal string Text { get; }

    internal string Hash { get; }

    private static string Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
