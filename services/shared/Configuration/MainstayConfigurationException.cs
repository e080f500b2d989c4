namespace Mainstay.ServiceDefaults.Configuration;

/// <summary>The configuration is not valid; the message names the key and says what to do, for the operator to read.</summary>
public sealed class MainstayConfigurationException(string message) : Exception(message);
