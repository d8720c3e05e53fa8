namespace Carillon.Redis.Clients.Internal;

/// <summary>What a reply of the server is.</summary>
internal enum RespKind
{
    Null,
    Text,
    Error,
    Number,
    Bytes,
    List,
}
