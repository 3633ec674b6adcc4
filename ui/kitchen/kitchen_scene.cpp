// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_scene.h"

#include "ui/kitchen/kitchen_text.h"
#include "ui/theme/text.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace interleave::ui {

using analysis::ChefAtWork;
using analysis::Dish;
using analysis::DishPlace;
using analysis::Kitchen;
using analysis::KitchenMoment;
using analysis::kNoChef;

namespace {

constexpr Nanoseconds kTravelParts = 60; // of what is visible
constexpr qsizetype kMostLetters = 4;

Pose poseOf(const ChefAtWork& work) {
    if (!work.isPresent) {
        return Pose::Away;
    }
    if (!work.state) {
        return Pose::Idle;
    }
    switch (*work.state) {
    case State::Running:
        return Pose::Cooks;
    case State::Ready:
        return Pose::Stove;
    case State::WaitingGil:
        return Pose::Knife;
    case State::WaitingLock:
        return Pose::Lock;
    case State::WaitingIo:
        return Pose::Oven;
    case State::Sleeping:
    case State::Suspended:
    case State::Retrying:
        return Pose::Sleeps;
    case State::Blocked:
        return Pose::Full;
    case State::Transfer:
        return Pose::Parcel;
    case State::Starting:
        return Pose::Starts;
    default:
        return Pose::Idle;
    }
}

/// Slow at both ends.
double eased(double share) {
    return share * share * (3 - 2 * share);
}

class SceneBuilder {
public:
    SceneBuilder(const Kitchen& kitchen, const KitchenLayout& layout, const KitchenMotion& motion)
        : m_kitchen(kitchen)
        , m_layout(layout)
        , m_motion(motion)
        , m_moment(kitchen.at(motion.when, motion.travel)) {}

    KitchenScene build() {
        m_scene.when = m_motion.when;
        m_scene.totals = m_moment.totals;
        for (std::size_t i = 0; i < m_kitchen.rooms().size(); ++i) {
            m_scene.isKnifeOnHook.push_back(!m_kitchen.rooms()[i].knife.isNone() &&
                                            m_moment.knifeIn[i] == kNoChef);
        }
        addChefs();
        addRails();
        for (std::uint32_t room = 0; room < m_layout.rooms.size(); ++room) {
            addPlates(room, DishPlace::Oven, m_layout.rooms[room].oven);
            addPlates(room, DishPlace::Shelf, m_layout.rooms[room].shelf);
        }
        addBoards();
        return std::move(m_scene);
    }

private:
    void addChefs() {
        for (std::uint32_t i = 0; i < m_moment.chefs.size(); ++i) {
            const ChefAtWork& work = m_moment.chefs[i];
            ChefFigure figure;
            figure.chef = i;
            figure.pose = poseOf(work);
            figure.state = work.state;
            figure.hasKnife = work.hasKnife;
            const double beats = static_cast<double>(m_motion.when - work.sinceNs) /
                                 static_cast<double>(m_motion.travel);
            figure.phase = beats - std::floor(beats);
            figure.word = chefWord(*m_kitchen.recording(), figure.pose, work.dish);
            m_scene.chefs.push_back(std::move(figure));
        }
    }

    void addRails() {
        for (std::uint32_t rail = 0; rail < m_kitchen.rails().size(); ++rail) {
            std::vector<const Dish*> orders = dishesWhere([rail](const Dish& dish) {
                return dish.place == DishPlace::Rail && dish.rail == rail;
            });
            // Those in no queue of their own hang on the last rail that there is.
            const auto shown = std::min<std::uint32_t>(
                rail,
                m_layout.rails.empty() ? 0 : static_cast<std::uint32_t>(m_layout.rails.size()) - 1);
            std::size_t& next = m_tickets[shown];
            std::size_t left = 0;
            for (const Dish* order : orders) {
                if (const auto place = m_layout.ticket(shown, next)) {
                    add(*order, place->center(), 10).ticketRect = *place;
                    ++next;
                } else {
                    ++left;
                }
            }
            m_left[shown] += left;
        }
        for (std::uint32_t rail = 0; rail < m_layout.rails.size(); ++rail) {
            addTally(m_left[rail],
                     {m_layout.rails[rail].right() - 56, m_layout.rails[rail].top() + 9, 54, 30});
        }
    }

    /// Each has a cell that it prefers, so that plates stay where they are while others come and
    /// go; the one that was there first keeps it.
    void addPlates(std::uint32_t room, DishPlace place, const PlateGrid& grid) {
        if (grid.isEmpty()) {
            return;
        }
        const auto plates = dishesWhere([&](const Dish& dish) {
            return dish.place == place && dish.chef != kNoChef &&
                   m_kitchen.chefs()[dish.chef].kitchen == room;
        });
        std::vector<bool> isTaken(static_cast<std::size_t>(grid.count()));
        std::size_t left = 0;
        for (const Dish* plate : plates) {
            const auto wanted = (plate->task.value - 1) % isTaken.size();
            std::size_t cell = wanted;
            while (isTaken[cell] && (cell = (cell + 1) % isTaken.size()) != wanted) {
            }
            if (isTaken[cell]) {
                ++left;
                continue;
            }
            isTaken[cell] = true;
            add(*plate, grid.cell(static_cast<int>(cell)), grid.radius);
        }
        addTally(left, {grid.rect.right() - 30, grid.rect.top() - 16, 44, 14});
    }

    void addBoards() {
        for (std::uint32_t chef = 0; chef < m_layout.stations.size(); ++chef) {
            const PlacedStation& station = m_layout.stations[chef];
            const auto own = dishesWhere([chef](const Dish& dish) {
                return dish.chef == chef &&
                       (dish.place == DishPlace::Hand || dish.place == DishPlace::Stack);
            });
            const Dish* hand = nullptr;
            for (const Dish* dish : own) { // the one that runs, else the one that the chef wants
                const bool isChefs = dish->task == m_moment.chefs[chef].dish;
                if (dish->place == DishPlace::Hand &&
                    (hand == nullptr || isChefs || dish->state == State::Running)) {
                    hand = dish;
                }
            }
            std::size_t left = 0;
            int next = 0;
            for (const Dish* dish : own) {
                if (dish == hand) {
                    continue;
                }
                if (next < station.stack.count()) {
                    add(*dish, station.stack.cell(next++), station.stack.radius);
                } else {
                    ++left;
                }
            }
            if (hand != nullptr) {
                add(*hand, station.hand, station.handRadius);
            }
            addTally(left, {station.board.right() - 40, station.board.bottom() - 4, 40, 14});
        }
    }

    template <class Wanted>
    std::vector<const Dish*> dishesWhere(Wanted wanted) const {
        std::vector<const Dish*> found;
        for (const Dish& dish : m_moment.dishes) {
            if (wanted(dish)) {
                found.push_back(&dish);
            }
        }
        std::ranges::stable_sort(found, {}, [](const Dish* dish) { return dish->stay.beginNs; });
        return found;
    }

    /// From where it was before, as long as it is on its way.
    QPointF onTheWay(const Dish& dish, QPointF to) {
        const Nanoseconds age = m_motion.when - dish.stay.beginNs;
        const Nanoseconds travel =
            std::min(m_motion.travel, std::max<Nanoseconds>(1, dish.stay.durationNs() / 2));
        if (!dish.placeBefore || age < 0 || age >= travel) {
            return to;
        }
        const auto from = placeBefore(dish);
        const double share = eased(static_cast<double>(age) / static_cast<double>(travel));
        return from ? *from + (to - *from) * share : to;
    }

    std::optional<QPointF> placeBefore(const Dish& dish) const {
        const auto room = [&]() -> const PlacedRoom& {
            return m_layout.rooms[m_kitchen.chefs()[dish.chefBefore].kitchen];
        };
        const auto preferred = [&](const PlateGrid& grid) -> std::optional<QPointF> {
            return grid.isEmpty()
                       ? std::nullopt
                       : std::optional(grid.cell(static_cast<int>(
                             (dish.task.value - 1) % static_cast<std::uint32_t>(grid.count()))));
        };
        switch (*dish.placeBefore) {
        case DishPlace::Rail:
            return m_layout.rails.empty()
                       ? std::nullopt
                       : std::optional(QPointF(m_layout.rails.front().left() + 121,
                                               m_layout.rails.front().top() + 24));
        case DishPlace::Oven:
            return dish.chefBefore == kNoChef ? std::nullopt : preferred(room().oven);
        case DishPlace::Shelf:
            return dish.chefBefore == kNoChef ? std::nullopt : preferred(room().shelf);
        case DishPlace::Stack:
        case DishPlace::Hand:
            break;
        }
        return dish.chefBefore == kNoChef ? std::nullopt
                                          : std::optional(m_layout.stations[dish.chefBefore].hand);
    }

    DishFigure& add(const Dish& dish, QPointF place, double radius) {
        DishFigure figure;
        figure.centre = onTheWay(dish, place);
        figure.radius = radius;
        figure.task = dish.task;
        figure.state = dish.state;
        figure.isStolen = dish.isStolen;
        figure.label = dishLabel(m_kitchen.recording()->task(dish.task).name);
        if (dish.isStolen && dish.chefBefore != kNoChef) {
            m_scene.thefts.emplace_back(m_layout.stations[dish.chefBefore].hand, place);
        }
        m_scene.dishes.push_back(std::move(figure));
        return m_scene.dishes.back();
    }

    void addTally(std::size_t left, const QRectF& rect) {
        if (left > 0) {
            m_scene.tallies.push_back({rect, QStringLiteral("+%1").arg(left)});
        }
    }

    const Kitchen& m_kitchen;
    const KitchenLayout& m_layout;
    KitchenMotion m_motion;
    KitchenMoment m_moment;
    KitchenScene m_scene;
    std::map<std::uint32_t, std::size_t> m_tickets; // by rail that is drawn
    std::map<std::uint32_t, std::size_t> m_left;
};

} // namespace

Nanoseconds kitchenTravelNs(TimeRange visible) {
    return std::max<Nanoseconds>(1, visible.durationNs() / kTravelParts);
}

KitchenScene kitchenScene(const Kitchen& kitchen, const KitchenLayout& layout,
                          const KitchenMotion& motion) {
    return SceneBuilder(kitchen, layout, motion).build();
}

QString dishLabel(const std::string& name) {
    const QString text = QString::fromStdString(name);
    const QString last = text.section(u' ', -1);
    return last.size() <= kMostLetters ? last : text.left(kMostLetters - 1);
}

} // namespace interleave::ui
