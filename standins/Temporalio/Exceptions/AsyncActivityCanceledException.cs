namespace Temporalio.Exceptions;

/// <summary>A heartbeat of an activity completed elsewhere learned that it is cancelled.</summary>
public class AsyncActivityCanceledException() : TemporalException("Activity cancelled");
