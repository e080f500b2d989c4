namespace Mainstay.LocalStack;

/// <summary>Says what kept the local stack from doing what was asked, and what to do next.</summary>
public sealed class LocalStackException(string message, Exception? innerException = null) : Exception(message, innerException);
