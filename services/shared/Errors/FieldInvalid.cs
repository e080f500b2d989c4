namespace Mainstay.ServiceDefaults.Errors;

/// <summary>The reason under which a service's context refuses a field, for what is refused before the context sees it.</summary>
internal sealed record FieldInvalid(Enum Reason);
