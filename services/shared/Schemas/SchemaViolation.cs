namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>One place where a value does not fit a schema.</summary>
/// <param name="InstancePath">JSON Pointer (RFC 6901) to the place; empty for the whole value.</param>
/// <param name="Message">What is wrong there and what is expected.</param>
public sealed record SchemaViolation(string InstancePath, string Message);
