namespace Temporalio.Exceptions;

/// <summary>A schedule of the id exists already.</summary>
public class ScheduleAlreadyRunningException() : TemporalException("Schedule already running");
