#pragma once
#include "api/service.h"

/* PROVISIONAL: replaced by the control branch's. */
void tell_service_thread_start(struct tell_service *s);
void tell_service_thread_wake(struct tell_service *s);
void tell_service_thread_stop(struct tell_service *s);
void tell_service_thread_child(struct tell_service *s);
