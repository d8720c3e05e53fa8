using System.Text.Json.Serialization;

namespace Carillon;

/// <summary>Makes the converter of a reference where its entity is known as a type, so that no generic type is made at run time.</summary>
internal interface IEntityRef
{
    JsonConverter CreateConverter();
}
